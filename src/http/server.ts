/** The HTTP server without its routes: limits, ids, timing, errors. Listening is the caller's. */
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config } from '../config/schema.ts';
import { createQueryValidator } from '../validation/validator.ts';
import { answerBadAddress, answerBrokenRequests } from './broken-request.ts';
import { addErrorHandling } from './error-handling.ts';
import { acceptJsonOnly } from './json-body.ts';
import { requestIdOf } from './request-id.ts';
import { addRequestLog } from './request-log.ts';
import { announceResponses } from './response-channel.ts';
import { addSecurityHeaders, securityHeaders } from './security-headers.ts';
import { closeConnectionsWhileDraining } from './shutdown.ts';
import { addTiming } from './timing.ts';

export interface HttpServerOptions {
  /** Origins that the content of posts may frame. */
  frameOrigins: readonly string[];
  timeouts?: HttpTimeouts;
}

/** Milliseconds. Clients that are slower are cut off, so that they can't hold connections for ever (slowloris). */
export interface HttpTimeouts {
  /** Until the headers have arrived. */
  headers: number;
  /** Until the whole request has arrived. */
  request: number;
  /** Without a byte either way, such as a client that doesn't read its response. */
  idle: number;
  /** Between requests of one connection. */
  keepAlive: number;
  /** How often connections are held to `headers` and `request`. */
  check: number;
}

const defaultTimeouts: HttpTimeouts = {
  headers: 10_000,
  request: 30_000,
  idle: 120_000,
  // Longer than the idle time of common proxies (60 s), so that they close first and never reuse a closing connection.
  keepAlive: 65_000,
  check: 2_000,
};

const maxHeaderBytes = 16 * 1024;

export function createHttpServer(
  config: Config,
  logger: FastifyBaseLogger,
  { frameOrigins, timeouts = defaultTimeouts }: HttpServerOptions,
): FastifyInstance {
  const isHttps = config.site.url?.startsWith('https:') === true;
  const headers = securityHeaders({ isHttps, frameOrigins });
  const app = fastify({
    loggerInstance: logger,
    genReqId: requestIdOf,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: config.http.maxBodyKb * 1024,
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.idle,
    keepAliveTimeout: timeouts.keepAlive,
    trustProxy: config.http.trustProxy.length > 0 ? [...config.http.trustProxy] : false,
    forceCloseConnections: 'idle',
    // What arrives on an open connection while the server drains is still answered; then the connection is closed.
    return503OnClosing: false,
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: timeouts.check,
    },
    clientErrorHandler: answerBrokenRequests(headers),
    frameworkErrors: answerBadAddress(headers),
    routerOptions: { maxParamLength: 2000 },
  });
  // Query parameters are checked here; bodies by the services, which others call too.
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    if (httpPart === 'body') return (value) => ({ value });
    const validator = createQueryValidator(
      schema,
      httpPart === 'querystring' ? 'invalid_query' : 'bad_request',
    );
    return (value) => ({ value: validator.parse(value) });
  });
  app.setSerializerCompiler(() => JSON.stringify);
  addTiming(app);
  closeConnectionsWhileDraining(app);
  addRequestLog(app, config.log.requests);
  announceResponses(app);
  addSecurityHeaders(app, headers);
  acceptJsonOnly(app);
  addErrorHandling(app);
  return app;
}
