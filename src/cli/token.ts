/** `broadsheet token`: credentials for programs. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BlogSystem } from '../app.ts';
import { withBlog } from './blog.ts';
import { addSettingFlags } from './settings-flags.ts';
import { print, table } from './terminal.ts';

type TokenCreate = Parameters<BlogSystem['identity']['createToken']>[0];
type Role = NonNullable<TokenCreate['role']>;
type Scope = NonNullable<TokenCreate['scopes']>[number];

const roles: readonly Role[] = ['owner', 'editor', 'author'];
const scopes: readonly Scope[] = ['posts:read', 'posts:write', 'media:write', 'admin'];

export function addToken(program: Command): void {
  const group = program.command('token').description('make, list and revoke the tokens of the API');
  addCreate(group);
  const list = group
    .command('list')
    .description('list the tokens; their values are not kept')
    .action(() => withBlog(list, listTokens));
  const revoke = group
    .command('revoke')
    .description('make a token worthless')
    .argument('<id>', 'as broadsheet token list shows it')
    .action((id: string) =>
      withBlog(revoke, async (blog) => {
        await blog.identity.revokeToken(id);
        print(`Token ${id} is revoked.`);
      }),
    );
  for (const command of [list, revoke]) addSettingFlags(command, ['database']);
}

function addCreate(group: Command): void {
  const command = group
    .command('create')
    .description('make a token; it is shown this once, alone on standard output')
    .argument('[name]', 'what it is for, to know it by later', 'command line')
    .addOption(new Option('--role <role>', 'whose rights it has').choices(roles).default('owner'))
    .addOption(
      new Option('--scope <scope...>', 'what it may do; without it, all that its role may but admin').choices(
        scopes,
      ),
    )
    .option('--expires <when>', 'a date, or a number of days such as 90d; without it, never', expiry)
    .option('--user <email>', 'whom it acts for')
    .action((name: string, { scope, expires, ...options }: CreateOptions) =>
      createToken(command, {
        name,
        ...options,
        ...(scope && { scopes: scope }),
        ...(expires && { expiresAt: expires }),
      }),
    );
  addSettingFlags(command, ['database']);
}

interface CreateOptions {
  role: Role;
  scope?: Scope[];
  expires?: string;
  user?: string;
}

async function createToken(command: Command, input: TokenCreate): Promise<void> {
  const { token, info } = await withBlog(command, (blog) => blog.identity.createToken(input));
  const until = info.expiresAt ? `until ${info.expiresAt}` : 'until it is revoked';
  process.stderr.write(
    `Token ${info.id} (${info.name}) may ${info.scopes.join(', ')} as ${info.role}, ${until}. It is shown only now:\n`,
  );
  print(token);
}

async function listTokens(blog: BlogSystem): Promise<void> {
  const tokens = await blog.identity.listTokens();
  if (tokens.length === 0) {
    print('There are no tokens; broadsheet token create makes one.');
    return;
  }
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.role,
    token.scopes.join(','),
    token.userName ?? '-',
    token.expiresAt ?? 'never',
    token.lastUsedAt ?? 'never',
  ]);
  print(table([['ID', 'NAME', 'ROLE', 'SCOPES', 'USER', 'EXPIRES', 'LAST USED'], ...rows]));
}

function expiry(text: string): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const time = days ? Date.now() + Number(days) * 86_400_000 : Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Give a date such as 2030-01-31, or days such as 90d.');
  return new Date(time).toISOString();
}
