/**
 * The form of a backup: a page that says what is inside, then a SQLite database compressed with Zstandard (RFC 8878).
 * Without this program, `tail -c +8193 FILE | zstd -d > blog.db` gives the database.
 *
 * The page has three lines and is filled up with line feeds: a name, the manifest as JSON, the manifest's SHA-256.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { OperatorError } from '../errors.ts';
import { withFile } from './files.ts';

const headerBytes = 8192;
const magic = 'broadsheet backup';

export interface Manifest {
  /** Of this form; another program may not know it. */
  format: number;
  program: string;
  /** RFC 3339 UTC: the instant whose state the backup has, or shortly after. */
  createdAt: string;
  kind: 'sqlite' | 'postgres';
  /** The last migration of the schema. */
  schema: string;
  /** How many rows each table has. */
  rows: Record<string, number>;
  databaseBytes: number;
  payloadBytes: number;
  /** Hex, of the compressed database. */
  payloadSha256: string;
}

const format = 1;

export type Description = Pick<Manifest, 'program' | 'createdAt' | 'kind' | 'schema' | 'rows'>;

/** Done and total bytes. */
export type OnBytes = (done: number, total: number) => void;

/** Writes `database` (a file that nobody changes meanwhile) as a backup, and returns when it is on the disk. */
export async function seal(
  database: string,
  file: string,
  description: Description,
  onBytes: OnBytes,
): Promise<Manifest> {
  const { size: databaseBytes } = await stat(database);
  const digest = new Digest();
  // The place of the header, which is known at the end.
  const output = createWriteStream(file, { start: headerBytes, mode: 0o600 });
  const counter = new Counter((done) => onBytes(done, databaseBytes));
  await pipeline(createReadStream(database), counter, createZstdCompress(), digest, output);
  const manifest: Manifest = {
    format,
    ...description,
    databaseBytes,
    payloadBytes: digest.bytes,
    payloadSha256: digest.hex(),
  };
  await withFile(file, 'r+', async (handle) => {
    await handle.write(encodeHeader(manifest), 0, headerBytes, 0);
    await handle.sync();
  });
  return manifest;
}

/** @throws OperatorError when the file is no backup, is cut off, or comes from a later form */
export async function readManifest(file: string): Promise<Manifest> {
  const { header, size } = await withFile(file, 'r', async (handle) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return { header: buffer.subarray(0, bytesRead), ...(await handle.stat()) };
  });
  const [name, json = '', checksum] = header.toString('utf8').split('\n');
  if (name !== magic) throw new OperatorError(`${file} is not a backup of Broadsheet. Choose another file.`);
  if (checksum !== sha256(json)) throw damaged(file, 'its first page does not match its checksum');
  const manifest: Manifest = JSON.parse(json);
  if (manifest.format !== format) {
    throw new OperatorError(
      `${file} was made by Broadsheet ${manifest.program} in a form that this program does not know. ` +
        'Restore it with that version.',
    );
  }
  const expected = headerBytes + manifest.payloadBytes;
  if (size !== expected) throw damaged(file, `it has ${size} bytes of ${expected}`);
  return manifest;
}

/**
 * Writes the database of a backup to `database`.
 *
 * @throws OperatorError when the content is not what was backed up; then `database` must not be used
 */
export async function unseal(
  file: string,
  manifest: Manifest,
  database: string,
  onBytes: OnBytes,
): Promise<void> {
  const digest = new Digest();
  const counter = new Counter((done) => onBytes(done, manifest.databaseBytes));
  const output = createWriteStream(database, { mode: 0o600, flush: true });
  try {
    const input = createReadStream(file, { start: headerBytes });
    await pipeline(input, digest, createZstdDecompress(), counter, output);
  } catch (error) {
    if (!isZstdError(error)) throw error;
    throw damaged(file, 'its content cannot be unpacked');
  }
  if (digest.hex() !== manifest.payloadSha256) throw damaged(file, 'its content does not match its checksum');
  if (counter.bytes !== manifest.databaseBytes) throw damaged(file, 'its content has another length');
}

function encodeHeader(manifest: Manifest): Buffer {
  const json = JSON.stringify(manifest);
  const header = Buffer.alloc(headerBytes, '\n');
  const length = header.write(`${magic}\n${json}\n${sha256(json)}\n`);
  if (length === headerBytes) throw new Error('the manifest does not fit into its page');
  return header;
}

function damaged(file: string, reason: string): OperatorError {
  return new OperatorError(`${file} is damaged: ${reason}. Nothing was restored; use another backup.`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isZstdError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(ZSTD|Z_|ERR_ZSTD)/.test(String(error.code));
}

/** Passes bytes on, and counts them. */
class Counter extends Transform {
  bytes = 0;
  readonly #onCount: (bytes: number) => void;

  constructor(onCount: (bytes: number) => void = () => {}) {
    super();
    this.#onCount = onCount;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.#onCount(this.bytes);
    done(null, chunk);
  }
}

/** Passes bytes on, and sums them up. */
class Digest extends Counter {
  readonly #hash = createHash('sha256');

  override _transform(chunk: Buffer, encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    super._transform(chunk, encoding, done);
  }

  hex(): string {
    return this.#hash.digest('hex');
  }
}
