/** A node that is told to stop ends what it began, in time, and says so. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openBlog } from '../support/blog.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningProgram, startProgram, userEnvironment } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const token = 'token-of-the-owner-for-tests';

interface Node {
  program: RunningProgram;
  port: number;
  origin: string;
}

async function serve(environment: Record<string, string> = {}): Promise<Node> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const program = startProgram(process.execPath, [main, 'serve', '--port', String(port)], {
    cwd: folder.path,
    env: { ...userEnvironment(), ADMIN_TOKEN: token, RATE_LIMIT_REQUESTS: '0', ...environment },
  });
  onTestFinished(async () => void (await program.stop('SIGKILL')));
  await program.printed(/Ctrl-C stops it/);
  return { program, port, origin: `http://127.0.0.1:${port}` };
}

/** A request whose body has begun: it is in flight until `finish`. */
async function beginPost({ port }: Node): Promise<{ finish(): Promise<string>; answer: Promise<string> }> {
  const body = JSON.stringify({ title: 'In flight', content: 'x' });
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  const answer = new Promise<string>((resolve) => {
    socket.on('error', () => undefined).on('close', () => resolve(received));
  });
  socket.write(
    `POST /posts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  // What the server says when it waits for the body.
  await expect.poll(() => received).toContain('100 Continue');
  return {
    answer,
    finish() {
      socket.write(body);
      return answer;
    },
  };
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: answers what is in flight, refuses what is new, exits with 0',
  async (signal) => {
    const node = await serve();
    const inFlight = await beginPost(node);
    node.program.child.kill(signal);
    await node.program.printed(new RegExp(`${signal}: finishing`));
    await expect
      .poll(() => fetch(`${node.origin}/health/live`).then(String, () => 'refused'))
      .toBe('refused');
    const answer = await inFlight.finish();
    expect(answer).toContain('HTTP/1.1 201 Created');
    expect(answer).toMatch(/connection: close/i);
    expect((await node.program.ended).code).toBe(0);
  },
);

it('answers what still arrives on an open connection: not ready, and closes it', async () => {
  const blog = await openBlog();
  const { port } = await blog.listen({ port: 0 });
  const accepted = once(blog.http.server, 'connection');
  const client = connect(port, '127.0.0.1');
  const answer = text(client);
  client.write('GET /health/ready HTTP/1.1\r\nhost: x\r\n');
  const [peer] = await accepted;
  // With half a request a connection is not idle.
  await expect.poll(() => peer.bytesRead).toBeGreaterThan(0);
  const closed = blog.close();
  client.write('\r\n');
  expect(await answer).toContain('HTTP/1.1 503 Service Unavailable');
  expect(await answer).toContain('{"status":"draining"}');
  expect(await answer).toMatch(/connection: close/i);
  await closed;
});

it('cuts off after SHUTDOWN_GRACE_SECONDS who does not end', async () => {
  const node = await serve({ SHUTDOWN_GRACE_SECONDS: '0.5' });
  const inFlight = await beginPost(node);
  const began = performance.now();
  const { code, output } = await node.program.stop('SIGTERM');
  expect(code).toBe(0);
  expect(performance.now() - began).toBeGreaterThan(450);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(output).toContain('those that remain are cut off');
  expect(await inFlight.answer).not.toContain('201');
});

it('under load every request that was taken is answered', async () => {
  const node = await serve({ LOG_REQUESTS: 'none' });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const outcomes = { answered: 0, refused: 0, broken: 0 };
  let isStopping = false;
  const one = () =>
    new Promise<boolean>((resolve) => {
      let isAnswered = false;
      const call = request(`${node.origin}/posts`, { agent }, (response) => {
        isAnswered = response.statusCode === 200;
        response.on('error', () => {
          outcomes.broken += 1;
          resolve(false);
        });
        response.on('end', () => {
          outcomes[isAnswered ? 'answered' : 'broken'] += 1;
          resolve(true);
        });
        response.resume();
      });
      call.on('error', () => {
        // A kept connection may close just as a request is on its way: clients and proxies repeat those.
        outcomes[isStopping ? 'refused' : 'broken'] += 1;
        resolve(!isStopping);
      });
      call.end();
    });
  const clients = Array.from({ length: 16 }, async () => {
    while (await one());
  });
  await expect.poll(() => outcomes.answered, { timeout: 10_000 }).toBeGreaterThan(200);
  isStopping = true;
  const { code } = await node.program.stop('SIGTERM');
  await Promise.all(clients);
  agent.destroy();
  expect(code).toBe(0);
  expect(outcomes.broken).toBe(0);
  expect(outcomes.refused).toBe(16);
});
