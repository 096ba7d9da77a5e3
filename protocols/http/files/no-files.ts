import { HttpError } from "../wire/http-error.ts";

export function noFiles(): HttpError {
  return new HttpError(404, "no-files", "no files are shared here; start with tincan serve FOLDER");
}
