/** The HTTP server without its routes: limits, ids, timing, errors. Listening is the caller's. */
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config } from '../config/schema.ts';
import { createQueryValidator } from '../validation/validator.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { addErrorHandling } from './error-handling.ts';
import { acceptJsonOnly } from './json-body.ts';
import { requestIdOf } from './request-id.ts';
import { addRequestLog } from './request-log.ts';
import { announceResponses } from './response-channel.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addTiming } from './timing.ts';

/** How long a client may take to send a request; slower ones are cut off (slowloris). */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
/** Longer than the idle time of common proxies (60 s), so that they close first and never reuse a closing connection. */
const keepAliveTimeoutMs = 65_000;
const maxHeaderBytes = 16 * 1024;

export function createHttpServer(config: Config, logger: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    genReqId: requestIdOf,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: config.http.maxBodyKb * 1024,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    trustProxy: config.http.trustProxy.length > 0 ? [...config.http.trustProxy] : false,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs },
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: 2000 },
  });
  // Query parameters are checked here; bodies by the services, which others call too.
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    if (httpPart === 'body') return (value) => ({ value });
    const validator = createQueryValidator(schema);
    return (value) => ({ value: validator.parse(value) });
  });
  app.setSerializerCompiler(() => JSON.stringify);
  addTiming(app);
  addRequestLog(app, config.log.requests);
  announceResponses(app);
  addSecurityHeaders(app, config.site.url?.startsWith('https:') === true);
  acceptJsonOnly(app);
  addErrorHandling(app);
  return app;
}
