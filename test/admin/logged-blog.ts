/** A blog in a process of its own that logs all it can, for a test that reads the log. Run with a database's URL. */
import { createBlogSystem } from '../../src/app.ts';

const [url = '', adminToken = ''] = process.argv.slice(2);
const blog = await createBlogSystem({
  database: { url },
  auth: { adminToken },
  log: { level: 'trace', requests: 'all' },
});
const setupToken = await blog.identity.beginSetup();
const { port } = await blog.listen({ port: 0 });
// The log is on standard output.
console.error(`listening ${port} ${setupToken}`);
process.once('SIGTERM', () => void blog.close());
