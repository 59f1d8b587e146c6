/** Something about the journal's files that people should hear of; no path, no content. */
export type StoreNotice = {
  readonly code:
    | 'segment-condemned'
    | 'segment-damaged'
    | 'segment-unreadable'
    | 'settlement-not-written'
    | 'reserve-released'
    | 'removed-under-pressure'
    | 'disk-trouble';
  readonly seq?: number;
  /** Code of the error or of the first fault. */
  readonly cause?: string;
  readonly count?: number;
};

export type Notify = (notice: StoreNotice) => void;
