// Which folder may import which: the architecture, held at error level. docs/architecture.md tells why.
/** Tests, and what only they use: contract suites, fakes, virtual clocks. */
const testCode = '\\.test\\.ts$|/testing/';

/** Each folder and the folders that it may import, besides itself and errors.ts. */
const allowed = {
  config: ['validation'],
  database: ['config'],
  backup: ['config', 'database', 'content'],
  cache: ['config'],
  jobs: ['config', 'database'],
  http: ['config', 'validation'],
  content: [],
  validation: [],
  observability: ['config'],
  identity: ['config', 'database', 'content', 'http', 'validation'],
  blog: ['config', 'database', 'content', 'identity', 'http', 'cache', 'jobs', 'validation'],
  transfer: ['blog', 'content', 'identity'],
  site: ['config', 'blog', 'content', 'http', 'identity'],
  admin: ['config', 'blog', 'content', 'http', 'identity'],
};

const folderRules = Object.entries(allowed).map(([folder, targets]) => ({
  name: `${folder}-imports-only-what-it-may`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: testCode },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...targets].join('|')})/|^src/errors\\.ts$` },
}));

/**
 * Inside identity and blog: routes -> service -> repository. There and in jobs only repositories touch the database: the
 * runner knows the queue as a port, which a table of the blog's own database is behind.
 */
const layerRules = [
  {
    name: 'only-repositories-touch-the-database',
    severity: 'error',
    from: { path: '^src/(blog|identity|jobs)/', pathNot: `repository[^/]*\\.ts$|/repository/|${testCode}` },
    to: { path: '^src/database/|node_modules/kysely' },
  },
  {
    name: 'routes-use-the-service',
    severity: 'error',
    from: { path: '^src/(blog|identity)/.*routes[^/]*\\.ts$' },
    to: { path: '^src/.*repository[^/]*\\.ts$' },
  },
  {
    name: 'site-and-admin-use-services',
    severity: 'error',
    from: { path: '^src/(site|admin|transfer)/', pathNot: testCode },
    to: { path: 'repository[^/]*\\.ts$' },
  },
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'errors-imports-nothing',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: { path: '.' },
    },
    ...folderRules,
    ...layerRules,
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(app|index|main)\\.ts$|^src/cli/|${testCode}` },
      to: { path: '^src/(app|index|main)\\.ts$|^src/cli/' },
    },
    {
      name: 'commands-use-the-application',
      severity: 'error',
      from: { path: '^src/(cli/|main\\.ts)', pathNot: testCode },
      to: {
        path: '^src/',
        pathNot: '^src/(app|main|errors|version)\\.ts$|^src/(backup|cli|config|transfer)/',
      },
    },
    {
      name: 'test-code-stays-out-of-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: testCode },
      to: { path: testCode },
    },
    {
      name: 'development-tools-stay-out-of-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: testCode },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    // Sees imports of types too; a test holds it to that.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
