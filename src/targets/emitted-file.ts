/** A file that a target makes of a pack. */
export interface EmittedFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly text: string;
}
