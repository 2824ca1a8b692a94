/** Formats timestamps. A stream has many events a second, so the text of the current second is kept. */
export class EventTime {
  #second = Number.NaN;
  #prefix = '';
  #last = Number.NaN;
  #lastText = '';

  /** RFC 3339 in UTC with three fractional digits. */
  text(unixMillis: number): string {
    // Events of one chunk arrive in the same millisecond.
    if (unixMillis === this.#last) return this.#lastText;
    const second = Math.floor(unixMillis / 1000);
    if (second !== this.#second) {
      this.#prefix = new Date(unixMillis).toISOString().slice(0, -4);
      this.#second = second;
    }
    const millis = unixMillis - second * 1000;
    this.#last = unixMillis;
    this.#lastText = `${this.#prefix}${millis < 10 ? '00' : millis < 100 ? '0' : ''}${millis}Z`;
    return this.#lastText;
  }
}
