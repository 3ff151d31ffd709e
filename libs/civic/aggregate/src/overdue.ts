/** Conditions of a list on the next binding deadline at `now`, ISO 8601 with +08:00: past it, or not; none where nobody asked. */
export const overdueConditions = (wanted: boolean | undefined, now: string): readonly object[] => {
  if (wanted === undefined) return [];
  return wanted ? [{ 'view.dueAt': { $ne: null, $lt: now } }] : [{ $or: [{ 'view.dueAt': null }, { 'view.dueAt': { $gte: now } }] }];
};
