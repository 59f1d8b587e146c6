import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { LogReader } from '../../incidents/log/log-reader.ts';
import type { LogTail, ToldItem } from '../../incidents/log/log-tail.ts';
import { hideData, type LeaseUntil, viewEntry, viewIncident } from '../../incidents/view.ts';
import type { Directory } from '../../registry/directory.ts';
import { type Actor, formatActor } from '../auth/actor.ts';
import { calcSight, wasCalled } from '../auth/incident-scope.ts';
import { FeedIncident, FeedReset, FeedStatus } from '../contract/feed.ts';
import { findResume } from '../live/find-resume.ts';
import { Places } from '../live/places.ts';
import { createFeedReader } from '../live/reader.ts';
import { formatSse } from '../live/sse.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';

/** A reader that has this much unread is ended; it resumes by itself (design §8 "a bound per reader"). Chosen. */
const UNREAD_LIMIT_BYTES = 1024 * 1024;
/** Of what a console missed no more than this waits for it at a time. Chosen. */
const CATCH_UP_BYTES = 256 * 1024;
/** One that catches up and does not read for so long is ended; it resumes by itself. Chosen. */
const CATCH_UP_STALL_MS = 30_000;
const STATUS_EVERY_MS = 5000;
/** How soon a browser tries again after a lost stream, milliseconds. */
const RETRY_MS = 1000;

const EVENT_DATA = { 'text/event-stream': { schema: Type.Union([FeedIncident, FeedStatus, FeedReset]) } };

export type EventRouteDeps = {
  readonly tail: LogTail;
  readonly reader: LogReader;
  readonly directory: () => Directory;
  readonly status: () => FeedStatus;
  /** Whether the session that opened the stream still stands; asked before each status. */
  readonly isStillAllowed: (request: FastifyRequest) => boolean;
  readonly leaseUntil: LeaseUntil;
  readonly onStatusChange: (listener: () => void) => () => void;
  readonly logger: Logger;
};

/** The live feed: `GET /events` (design §8). */
export function eventRoutes(deps: EventRouteDeps): RouteModule {
  const { tail, logger } = deps;
  const nameOf = (userId: string): string | undefined => deps.directory().user(userId)?.name;
  const places = new Places();

  async function open(request: FastifyRequest, reply: FastifyReply, after: string | undefined): Promise<void> {
    const person = formatActor(request.actor);
    if (!places.hasRoom(person)) throw new ProblemError('too-many', 'too many consoles are connected');
    const actorNow = followActor(request.actor);
    const lastEventId = request.headers['last-event-id'];
    const { resume, newest } = await findResume(
      { lastEventId: Array.isArray(lastEventId) ? lastEventId[0] : lastEventId, after },
      deps.reader,
      {
        asOf: () => tail.board.asOf(),
        reached: tail.reached,
        recentAfter: (from) => tail.board.recentAfter(from),
        isLocal: () => tail.asOf() === null,
        voidBefore: tail.voidBefore,
      },
    );
    const out = reply.raw;
    reply.hijack();
    // A console that left while its place was looked for is not told of its end any more.
    if (out.destroyed) return;
    out.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const end = (reason: string): void => {
      logger.info({ reason, unreadBytes: out.writableLength }, 'a feed reader was ended');
      out.destroy();
    };
    const leave = places.take(person, () => end('newer'));
    const write = (text: string): boolean => {
      if (out.destroyed) return false;
      out.write(text);
      if (out.writableLength <= UNREAD_LIMIT_BYTES) return true;
      end('unread');
      return false;
    };
    const drained = async (): Promise<void> => {
      if (out.destroyed || out.writableLength < CATCH_UP_BYTES) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const stallTimer = setTimeout(() => end('unread'), CATCH_UP_STALL_MS);
      out.once('drain', resolve).once('close', resolve);
      await promise;
      clearTimeout(stallTimer);
      out.off('drain', resolve).off('close', resolve);
    };
    const writeStatus = (): void => {
      if (!deps.isStillAllowed(request)) end('session');
      else write(formatSse({ name: 'status', data: deps.status() }));
    };
    write(`retry: ${RETRY_MS}\n\n`);
    if (resume.kind === 'reset') {
      const reset: FeedReset = { reason: resume.reason, asOf: newest };
      write(formatSse({ name: 'reset', data: reset }));
    }
    writeStatus();
    const reader = createFeedReader({
      sink: {
        send: (item) => sendItem(item, write, actorNow()),
        hasRoom: () => out.destroyed || out.writableLength < CATCH_UP_BYTES,
        drained,
      },
      from: resume.kind === 'after' ? resume.position : (newest ?? tail.board.asOf()),
      recentAfter: (position) => tail.board.recentAfter(position),
      page: (position, count) => deps.reader.page(position, count),
    });
    const unsubscribe = tail.subscribe(reader.take);
    const unsubscribeReset = tail.onReset(() => end('log-lost'));
    const unsubscribeRejoined = tail.onRejoined((asOf) => {
      const reset: FeedReset = { reason: 'degraded-ended', asOf };
      write(formatSse({ name: 'reset', data: reset }));
    });
    const unsubscribeStatus = deps.onStatusChange(writeStatus);
    const statusTimer = setInterval(writeStatus, STATUS_EVERY_MS);
    out.on('close', () => {
      leave();
      clearInterval(statusTimer);
      reader.end();
      unsubscribe();
      unsubscribeReset();
      unsubscribeRejoined();
      unsubscribeStatus();
    });
    out.on('error', (error) => logger.debug({ err: error }, 'a feed reader went away'));
    try {
      await reader.start();
    } catch (error) {
      logger.warn({ err: error }, 'a feed reader could not catch up');
      end('catch-up');
    }
  }

  /** A stream is older than the newest change of its reader's rights. */
  function followActor(opened: Actor): () => Actor {
    if (opened.kind === 'local') return () => opened;
    return () => ({ kind: 'user', user: deps.directory().user(opened.user.id) ?? opened.user });
  }

  /** Each item is judged as the case was then: one that became everybody's is shown from then on, also when resumed. */
  function sendItem(item: ToldItem, write: (text: string) => boolean, actor: Actor): boolean {
    const { incident, entry, id } = item;
    if (incident === null) return true;
    const sight = calcSight(actor, incident);
    // A helper's screen must hear that it is over.
    if (sight === 'none' && !(entry.type === 'resolved' && wasCalled(actor, incident))) return true;
    const line = viewEntry(entry, nameOf);
    const data: FeedIncident = {
      entry: sight === 'whole' ? line : hideData(line),
      incident: viewIncident(incident, nameOf, deps.leaseUntil),
    };
    return write(formatSse({ name: 'incident', ...(id === null ? {} : { id }), data }));
  }

  return {
    name: 'events',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/events',
        {
          // A HEAD would wait for the end of something endless.
          exposeHeadRoute: false,
          schema: {
            description: 'Server-sent events: `incident`, `status`, `reset`. `Last-Event-ID` wins over `after`.',
            querystring: Type.Object({ after: Type.Optional(Type.String()) }),
            // Only told: a stream is written piece by piece.
            response: { 200: { description: 'Endless; the data of each event', content: EVENT_DATA } },
          },
        },
        async (request, reply) => open(request, reply, request.query.after),
      );
    },
  };
}
