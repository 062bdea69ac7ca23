/** What PostgreSQL does for the queries of a repository, from EXPLAIN (ANALYZE). */
import { sql } from 'kysely';
import Type from 'typebox';
import Value from 'typebox/value';
import type { DatabaseManager } from '../../../src/database/manager.ts';

const PlanSchema = Type.Cyclic(
  {
    Plan: Type.Object({
      'Node Type': Type.String(),
      'Relation Name': Type.Optional(Type.String()),
      'Index Name': Type.Optional(Type.String()),
      'Actual Rows': Type.Number(),
      Plans: Type.Optional(Type.Array(Type.Ref('Plan'))),
    }),
  },
  'Plan',
);

export interface Plan {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Actual Rows': number;
  Plans?: Plan[] | undefined;
}

/** Runs `work` with a database that notes its queries. @returns the plan of each */
export async function plansOf(
  database: DatabaseManager,
  work: (watched: DatabaseManager) => Promise<unknown>,
): Promise<Plan[]> {
  const statements: { text: string; parameters: readonly unknown[] }[] = [];
  const reader = database.reader.withPlugin({
    transformQuery({ node, queryId }) {
      const compiled = database.reader.getExecutor().compileQuery(node, queryId);
      statements.push({ text: compiled.sql, parameters: compiled.parameters });
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await work({ ...database, reader });
  const plans: Plan[] = [];
  for (const { text, parameters } of statements) plans.push(await explain(database, text, parameters));
  return plans;
}

/** The tables that are read from end to end. */
export function scansOf(plan: Plan): string[] {
  return nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name'] ?? '');
}

export function sortsOf(plan: Plan): { rows: number }[] {
  return nodesOf(plan)
    .filter((node) => /Sort/.test(node['Node Type']))
    .map((node) => ({ rows: Math.max(...(node.Plans ?? []).map((child) => child['Actual Rows'])) }));
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

async function explain(
  { reader }: DatabaseManager,
  text: string,
  parameters: readonly unknown[],
): Promise<Plan> {
  const parts = `explain (analyze, format json) ${text}`.split(/\$\d+/);
  const query = sql<{ 'QUERY PLAN': unknown }>(Object.assign([...parts], { raw: parts }), ...parameters);
  const { rows } = await query.execute(reader);
  const [root] = Value.Parse(Type.Array(Type.Object({ Plan: PlanSchema })), rows[0]?.['QUERY PLAN']);
  if (!root) throw new Error('PostgreSQL gave no plan');
  return root.Plan;
}
