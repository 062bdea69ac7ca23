import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { redactUrl } from '../../config/redact.ts';
import type { Finding } from './finding.ts';

const deadlineMilliseconds = 3000;

/** Logs in to Redis, where one is set, and asks for an answer. */
export async function checkRedis(url: string | undefined): Promise<Finding[]> {
  if (url === undefined) return [];
  const place = redactUrl(url);
  try {
    const replies = await talk(new URL(url));
    const refusal = replies.find((reply) => reply.startsWith('-'));
    if (refusal) throw new Error(`it answers ${refusal.slice(1)}`);
    return [{ level: 'ok', subject: 'Redis', text: `${place} answers` }];
  } catch (error) {
    const text = `${place}: ${error instanceof Error ? error.message : String(error)}`;
    const fix = 'start Redis, or correct REDIS_URL (address, user, password, rediss:// for TLS)';
    return [{ level: 'failure', subject: 'Redis', text, fix }];
  }
}

/** Sends AUTH where the URL has a password, and PING. @returns a line of RESP for each */
function talk({ protocol, hostname, port, username, password }: URL): Promise<string[]> {
  const log = password ? [['AUTH', ...(username ? [username] : []), password].map(decodeURIComponent)] : [];
  const commands = [...log, ['PING']];
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const socket: Socket =
    protocol === 'rediss:' ? connectTls({ ...address, servername: address.host }) : connect(address);
  let received = '';
  socket
    .setTimeout(deadlineMilliseconds, () => reject(new Error('no answer within three seconds')))
    .on('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)))
    .on('close', () => reject(new Error('it closed the connection')))
    .on('data', (chunk: Buffer) => {
      received += chunk.toString('utf8');
      const replies = received.split('\r\n').slice(0, -1);
      if (replies.length >= commands.length) resolve(replies);
    })
    .write(commands.map(encode).join(''));
  return promise.finally(() => socket.destroy());
}

/** A command in RESP, Redis's protocol: an array of strings with their lengths in bytes. */
function encode(words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
