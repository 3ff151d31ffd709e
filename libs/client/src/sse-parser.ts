export interface ServerSentEvent {
  readonly id: string | null;
  readonly data: string;
}

/** Reads `text/event-stream` piece by piece; pieces may end anywhere, also inside a line break. */
export class SseParser {
  private rest = '';
  private id: string | null = null;
  private data: string[] = [];

  /** The events that are complete with this piece. */
  push(piece: string): readonly ServerSentEvent[] {
    const text = this.rest + piece;
    const isCut = text.endsWith('\r'); // the other half of a CRLF may follow
    const lines = (isCut ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + (isCut ? '\r' : '');
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): readonly ServerSentEvent[] {
    if (line === '') return this.dispatch();
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'data') this.data.push(value ?? '');
    if (field === 'id' && !value?.includes('\0')) this.id = value ?? '';
    return [];
  }

  private dispatch(): readonly ServerSentEvent[] {
    if (this.data.length === 0) return [];
    const event = { id: this.id, data: this.data.join('\n') };
    this.data = [];
    return [event];
  }
}
