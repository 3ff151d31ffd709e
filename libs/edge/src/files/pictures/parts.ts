/** No camera and no program writes so many chunks, segments or boxes; who reads more of them keeps everybody else waiting. */
const PARTS_MAX = 10_000;

/** The file has more parts than any picture: it is not read any further. */
export class TooManyParts extends Error {
  override readonly name = 'TooManyParts';
}

/** Counts the parts of one file. `one` throws `TooManyParts` beyond the bound. */
export class Parts {
  private left = PARTS_MAX;

  one(): void {
    this.left -= 1;
    if (this.left < 0) throw new TooManyParts('more parts than a picture has');
  }
}
