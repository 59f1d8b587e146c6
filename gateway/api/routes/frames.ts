import { Type } from 'typebox';
import { formatIso } from '../../clock.ts';
import type { Directory } from '../../registry/directory.ts';
import type { FoundFrame, FramePosition } from '../../trace/search.ts';
import type { Trace } from '../../trace/trace.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { type Frame, FramePage, FrameQuery, LinkFrameQuery } from '../contract/frames.ts';
import { Id } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import type { RouteModule } from '../route.ts';
import { findReadableDevice } from './find-device.ts';
import { badField } from './incident-request.ts';
import { ownSince } from './own-since.ts';
import { PAGE_SIZE } from './page.ts';

export type FrameRouteDeps = {
  readonly trace: Pick<Trace, 'search' | 'lost'>;
  readonly directory: () => Directory;
  readonly caseFiles: Pick<CaseFiles, 'device'>;
  readonly note: NoteAudit;
  readonly gatewayId: string;
};

type Query = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly text?: string | undefined;
  readonly cursor?: string | undefined;
};

/**
 * What was on the wire. It holds positions, numbers and texts, so it is read by whoever may read the device's file, never of the
 * time before the device was handed on to whoever has it now, and every look leaves a trace.
 */
export function frameRoutes({ trace, directory, caseFiles, note, gatewayId }: FrameRouteDeps): RouteModule {
  async function load(
    of: { readonly deviceId: string } | { readonly link: string },
    { from, to, text, cursor }: Query,
    since: number,
  ): Promise<FramePage> {
    const fromMs = Math.max(since, from === undefined ? 0 : Date.parse(from));
    const toMs = to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to);
    if (from !== undefined && !(Date.parse(from) <= toMs))
      throw badField('/querystring/to', 'must not be before `from`');
    const { items, next } = await trace.search({
      ...{ of, fromMs, toMs, text: text ?? null, limit: PAGE_SIZE },
      before: cursor === undefined ? null : parsePosition(cursor),
      // Of a link: what belongs to nobody, for nobody's file would show it.
      isWanted: ({ deviceId }) => 'deviceId' in of || deviceId === null || directory().device(deviceId) === undefined,
    });
    return { gatewayId, lost: trace.lost(), items: items.map(viewFrame), next: next && formatPosition(next) };
  }

  return {
    name: 'frames',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/devices/:id/frames',
        {
          schema: {
            description:
              'What a device said and was answered, as it was on the wire, of the last days; the newest first',
            params: Type.Object({ id: Id }),
            querystring: FrameQuery,
            response: { 200: FramePage, 400: Problem, 404: Problem },
          },
        },
        async ({ actor, params, query }) => {
          const device = findReadableDevice({ directory, caseFiles }, actor, params.id);
          const page = await load({ deviceId: device.id }, query, ownSince(actor, device));
          note('frames-read', formatActor(actor), { deviceId: device.id, residentIds: device.residentIds });
          return page;
        },
      );
      app.get(
        '/frames',
        {
          schema: {
            description: 'What came over a link and belongs to no device of the register; the newest first',
            querystring: LinkFrameQuery,
            response: { 200: FramePage, 400: Problem },
          },
          config: { access: 'admin' },
        },
        async ({ actor, query: { link, ...query } }) => {
          const page = await load({ link }, query, 0);
          note('frames-read', formatActor(actor), { link });
          return page;
        },
      );
    },
  };
}

function viewFrame({ position, at, raw, eventIds, ...frame }: FoundFrame): Frame {
  return {
    id: formatPosition(position),
    ...frame,
    at: formatIso(at),
    eventIds: [...eventIds],
    hex: raw.toString('hex').toUpperCase(),
    text: showControls(raw.toString('utf8')),
  };
}

const CONTROLS = /\p{Cc}/gu;

/** Control characters as the pictures that Unicode has for them. */
function showControls(text: string): string {
  return text.replace(CONTROLS, (char) => {
    const code = char.charCodeAt(0);
    if (code > 0x7f) return '\u{FFFD}';
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}

function formatPosition({ no, offset }: FramePosition): string {
  return `${no}.${offset}`;
}

/** The schema has seen to its shape. */
function parsePosition(cursor: string): FramePosition {
  const [no = '', offset = ''] = cursor.split('.');
  return { no: Number(no), offset: Number(offset) };
}
