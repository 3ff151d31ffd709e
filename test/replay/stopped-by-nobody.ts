interface Payload {
  readonly data: string;
}
interface Marker {
  readonly details: { readonly data: { readonly payloads: readonly [Payload] }; readonly result: { readonly payloads: readonly [Payload] } };
  readonly workflowTaskCompletedEventId: string;
}
interface HistoryEvent {
  readonly eventId: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly input: { readonly payloads: readonly [Payload] } };
  readonly markerRecordedEventAttributes?: Marker;
  readonly workflowExecutionCompletedEventAttributes?: { readonly workflowTaskCompletedEventId: string };
}
export interface History {
  readonly events: readonly HistoryEvent[];
}

const read = <T>({ data }: Payload): T => JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as T;
const written = <T extends Payload>(payload: T, value: unknown): T => ({ ...payload, data: Buffer.from(JSON.stringify(value)).toString('base64') });

/**
 * Out of a recorded history of a saga that was stopped at its first step and noted that: one of two steps, the second to an entity that nobody knows, as the
 * code did it that took back before it noted. All in the first workflow task, as with local activities.
 */
export const stoppedByNobody = ({ events }: History): History => {
  const [started, scheduled, begun, completed, step, , , , note, ended] = events;
  const first = started?.workflowExecutionStartedEventAttributes?.input.payloads[0];
  if (!started || !scheduled || !begun || !completed || !step || !note || !ended || first === undefined) throw new Error('another history');
  const { plan, ...input } = read<{ readonly plan: { readonly before: readonly object[]; readonly undo: readonly object[] } }>(first);
  const longer = { ...plan, before: [...plan.before, ...plan.before], undo: [...plan.undo, ...plan.undo] };
  const accepted = { kind: 'accepted' };
  const tail = [
    markerOf(step, 1, 'sagaStep', accepted),
    markerOf(step, 2, 'sagaStep', { kind: 'refused', refusal: { code: 'not-found' }, summary: {} }),
    markerOf(step, 3, 'sagaUndo', accepted),
    markerOf(note, 4, 'sagaNote', null),
    {
      ...ended,
      workflowExecutionCompletedEventAttributes: { ...ended.workflowExecutionCompletedEventAttributes, workflowTaskCompletedEventId: '4' },
    },
  ].map((event, i) => ({ ...event, eventId: String(5 + i) }));
  const beginning = {
    ...started,
    workflowExecutionStartedEventAttributes: {
      ...started.workflowExecutionStartedEventAttributes,
      input: { payloads: [written(first, { ...input, plan: longer })] as const },
    },
  };
  return { events: [beginning, scheduled, begun, completed, ...tail] };
};

/** `result`: null leaves what was recorded. */
const markerOf = (event: HistoryEvent, seq: number, activity: string, result: object | null): HistoryEvent => {
  const marker = event.markerRecordedEventAttributes;
  if (marker === undefined) throw new Error('no marker');
  const [data, was] = [marker.details.data.payloads[0], marker.details.result.payloads[0]];
  const details = {
    data: { payloads: [written(data, { ...read<object>(data), seq, activity_id: String(seq), activity_type: activity })] as const },
    result: { payloads: [result === null ? was : written(was, result)] as const },
  };
  return { ...event, markerRecordedEventAttributes: { ...marker, details, workflowTaskCompletedEventId: '4' } };
};
