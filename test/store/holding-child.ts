/** A process that holds the write lock of a SQLite file until it is told to let go. */
import { DatabaseSync } from "node:sqlite";

const [path = ""] = process.argv.slice(2);
const db = new DatabaseSync(path);
db.exec("begin immediate");
process.once("message", () => {
  db.exec("rollback");
  db.close();
  process.disconnect();
});
process.send?.("held");
