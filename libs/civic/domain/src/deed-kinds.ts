/** `tangible` = 实事, something one can see and touch that meets an urgent worry; `service` = 好事: lectures, campaigns, clean-ups. */
export const DEED_KINDS = ['tangible', 'service'] as const;
export type DeedKind = (typeof DEED_KINDS)[number];
