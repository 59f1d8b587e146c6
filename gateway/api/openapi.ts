import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { isDeepStrictEqual } from 'node:util';
import { Problem } from './contract/problem.ts';
import type { Api } from './route.ts';

type Json = { readonly [key: string]: unknown };

/**
 * OpenAPI is made from the schemas of the routes that are registered, so what is not built does not appear. A schema
 * with an $id becomes a component; two different ones under one $id throw at start.
 */
export function buildOpenApiOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Zhuji',
        description: 'Emergency-call gateway: incidents, live feed, register. Errors are problem+json with a `code`.',
        version,
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'zj_session' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { bearer: [] }],
    },
    transform: ({ schema, url, route }) => ({
      schema: {
        ...(route.config?.access === 'public' ? { security: [] } : {}),
        ...(withRefs({ ...schema, response: { ...responsesOf(schema), default: REFUSED } }) as FastifySchema),
      },
      url,
    }),
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, i) =>
        typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`,
    },
  };
}

/** What any route may answer instead; the codes stand in the schema. */
const REFUSED = {
  description: 'Refused or failed',
  content: { 'application/problem+json': { schema: Problem } },
};

/** A problem that a route names for a status of its own is problem+json as well. */
function responsesOf(schema: FastifySchema | undefined): object {
  const { response } = schema ?? {};
  if (typeof response !== 'object' || response === null) return {};
  return Object.fromEntries(
    Object.entries(response).map(([status, answer]) => [status, answer === Problem ? REFUSED : (answer as unknown)]),
  );
}

/** Call before any route is registered. */
export function collectComponents(app: Api): void {
  const known = new Map<string, unknown>();
  // Routes share their schemas: to walk each of them once makes a start quicker.
  const seen = new WeakSet<object>();
  const collect = (schemas: unknown): void => {
    for (const [id, schema] of findNamed(schemas, seen)) {
      const before = known.get(id);
      if (before === undefined) {
        known.set(id, schema);
        app.addSchema({ ...(withRefs({ ...schema, $id: undefined }) as Json), $id: id });
      } else if (!isDeepStrictEqual(before, schema)) {
        throw new Error(`two schemas are named ${id}`);
      }
    }
  };
  collect(Problem);
  app.addHook('onRoute', (route) => collect(route.schema));
}

function* findNamed(node: unknown, seen: WeakSet<object>): Generator<[string, Json]> {
  if (typeof node !== 'object' || node === null || seen.has(node)) return;
  seen.add(node);
  for (const value of Object.values(node)) yield* findNamed(value, seen);
  if ('$id' in node && typeof node.$id === 'string') yield [node.$id, node];
}

/** The same schema with every named part replaced by a reference to it. */
function withRefs(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withRefs);
  if (typeof node !== 'object' || node === null) return node;
  if ('$id' in node && typeof node.$id === 'string') return { $ref: `${node.$id}#` };
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, withRefs(value)]),
  );
}
