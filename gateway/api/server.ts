import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import http from 'node:http';
import https from 'node:https';
import { ConfigError } from '../config-error.ts';
import { guardAccess } from './access.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { registerDashboard } from './dashboard-files.ts';
import { LocalSocket } from './local-socket.ts';
import { buildOpenApiOptions, collectComponents } from './openapi.ts';
import { asProblem, formatProblem, type ProblemError } from './problems.ts';
import type { Api, Authenticator, RouteModule } from './route.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';
import { validatorCompiler } from './validate.ts';

export type ServerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; null speaks plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** `ZHUJI_TRUSTED_PROXIES`; null: the address of a caller is that of the connection. */
  readonly trustedProxies: string | null;
  readonly dataDir: string;
  readonly dashboardDir: string;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly auth: Authenticator;
  readonly routes: readonly RouteModule[];
};

export type ApiServer = {
  /** The instance, for tests that inject requests. */
  readonly app: Api;
  /** Listens on the network and on the local socket; answers the base URL. @throws ConfigError `in-use` */
  readonly start: () => Promise<{ readonly url: string; readonly port: number; readonly socketPath: string }>;
  readonly stop: () => Promise<void>;
};

/** Bytes of a body where a route names no bound of its own (chosen): long notes fit, floods do not. */
const BODY_LIMIT = 64 * 1024;
/** A request must have arrived whole by then (chosen); open event streams are answers and do not count. */
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * An idle connection is kept longer than a proxy before us keeps it (60 s is usual), so that none is closed at the moment in
 * which a command is sent on it (chosen; Node's own 5 s is not).
 */
const KEEP_ALIVE_MS = 72_000;
/** Open connections (chosen): every console holds one or two. */
const MAX_CONNECTIONS = 4096;

/** @throws ConfigError `bad-value` */
export async function createServer(options: ServerOptions): Promise<ApiServer> {
  const app: Api = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply);
    },
    clientErrorHandler: answerBrokenRequest,
    trustProxy: parseTrustedProxies(options.trustedProxies),
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    serverFactory: (handler) => {
      const server =
        options.tls === null ? http.createServer(handler) : https.createServer({ ...options.tls }, handler);
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.maxConnections = MAX_CONNECTIONS;
      return server;
    },
  });
  const local = new LocalSocket(options.dataDir, (request, response) => app.routing(request, response));

  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.addHook('onResponse', (request, reply, done) => {
    const { method, id, routeOptions } = request;
    // The route's pattern, never the URL: a query may hold what people typed.
    request.log.debug(
      { reqId: id, method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request answered',
    );
    done();
  });
  acceptEmptyJson(app);
  // Before the guard: its hook must find the cookies read.
  await app.register(cookie);
  guardAccess(app, (request) =>
    local.owns(request.raw.socket) ? { kind: 'local', uid: process.getuid?.() ?? 0 } : options.auth.identify(request),
  );
  await app.register(helmet, buildHelmetOptions(options.tls !== null));
  collectComponents(app);
  await app.register(swagger, buildOpenApiOptions(options.version));
  for (const module of options.routes) {
    await app.register(async (scope) => registerModule(scope, module), { prefix: module.prefix });
  }
  app.get('/api/v1/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, () => app.swagger());
  await registerDashboard(app, options.dashboardDir);

  return {
    app,
    start: async () => {
      const socketPath = await local.start();
      try {
        await listen(app, options);
      } catch (error) {
        await local.stop();
        throw error;
      }
      const { port } = app.server.address() as { port: number };
      const scheme = options.tls === null ? 'http' : 'https';
      return { url: `${scheme}://${formatHost(options.host)}:${port}`, port, socketPath };
    },
    stop: async () => {
      await local.stop();
      await app.close();
    },
  };
}

/** The compilers are set where the routes are: a scope that sees named schemas would fall back to Fastify's own. */
function registerModule(scope: Api, module: RouteModule): void {
  scope.setValidatorCompiler(validatorCompiler);
  // Answers are built from contract types; their schemas are documentation, and tests hold answers against them.
  scope.setSerializerCompiler(() => (value) => JSON.stringify(value));
  module.register(scope);
}

async function listen(app: Api, { host, port }: ServerOptions): Promise<void> {
  if (app.server.listening) return;
  try {
    await app.listen({ host, port, listenTextResolver: () => 'http listening' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE' || code === 'EACCES') {
      const reason = code === 'EACCES' ? 'this port needs more rights' : 'the port is in use by another program';
      throw new ConfigError([{ code: 'in-use', key: 'ZHUJI_HTTP_PORT', value: String(port), reason }]);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      const reason = 'this machine has no such address';
      throw new ConfigError([{ code: 'bad-value', key: 'ZHUJI_HTTP_HOST', value: host, reason }]);
    }
    throw error;
  }
}

/** A bare POST with a JSON content type is what many clients send for an action without fields. */
function acceptEmptyJson(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem: ProblemError = asProblem(error);
  if (problem.code === 'internal') request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (problem.extra.retryAfterS !== undefined) reply.header('retry-after', String(problem.extra.retryAfterS));
  return reply.code(problem.status).type('application/problem+json').send(formatProblem(problem));
}

function buildHelmetOptions(isHttps: boolean) {
  const self = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: self,
        scriptSrc: self,
        styleSrc: self,
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: self,
        workerSrc: self,
        fontSrc: self,
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: self,
      },
    },
    hsts: isHttps,
    referrerPolicy: { policy: 'no-referrer' as const },
  };
}

function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
