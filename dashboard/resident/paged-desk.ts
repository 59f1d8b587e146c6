import type { Desk } from '../console/use-desk.ts';
import type { ResidentPage } from './use-resident-page.ts';

/** The desk while a page lies over the case: whatever opens a case puts the page away first, and "back" only that. */
export function pagedDesk(desk: Desk, { id, leave }: ResidentPage): Desk {
  if (id === null) return desk;
  return {
    ...desk,
    open: (caseId) => {
      leave();
      desk.open(caseId);
    },
    openSelected: () => {
      leave();
      desk.openSelected();
    },
    close: leave,
  };
}
