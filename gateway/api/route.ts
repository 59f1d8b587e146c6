import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from './auth/actor.ts';

/** The instance that a route module registers on: handlers get body, params and querystring typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/**
 * A group of routes. It is made with what it needs (`incidentRoutes(deps): RouteModule`) and registered once.
 * `prefix` is `/api/v1` for the contract, empty for /healthz and its like.
 */
export type RouteModule = {
  readonly name: string;
  readonly prefix: '/api/v1' | '';
  readonly register: (app: Api) => void;
};

/** Who may call a route: `signed-in` when a route says nothing, so forgetting it opens no door. */
export type Access = 'public' | 'signed-in' | 'supervisor' | 'admin';

/** Finds out who sent a request; throws ProblemError where a proof is there but wrong (a cookie write without x-csrf). */
export type Authenticator = {
  readonly identify: (request: FastifyRequest) => Actor | null;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
  interface FastifyRequest {
    /** Who asks. Reading it where nobody is signed in throws `unauthenticated`; use `findActor()` in public routes. */
    readonly actor: Actor;
    /** Judged anew at each call: null once the session has ended. Throws `forbidden` for a cookie write without x-csrf. */
    readonly findActor: () => Actor | null;
  }
}
