/** Who acts on an incident. */
export type Performer = {
  /** Owner id in the API: the user's id. */
  readonly id: string;
  /** As the log names it: user:<id> or local:<uid>. */
  readonly tag: string;
  /** Supervisor or admin: may release or close a colleague's case and close without contact, with a reason. */
  readonly isSupervisor: boolean;
};
