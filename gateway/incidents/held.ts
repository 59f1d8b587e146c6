/** What the store held when a decision was taken; `raw` is the exact text, for the comparison in the script. */
export type Held<T> = { readonly raw: string | null; readonly value: T };
