// Text that people wrote: lines kept, @names as links. Nothing in it is ever HTML.
import { Fragment } from "react";
import { Link } from "react-router";
import { paths } from "@/lib/paths";
import styles from "./RichText.module.css";

const NAME = /(^|[^\w@./])@([a-z0-9](?:[a-z0-9._]{1,28}[a-z0-9_]))/gi;

export function RichText({ text }: { text: string }) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(NAME)) {
    const [whole, before = "", name = ""] = match;
    const start = match.index + before.length;
    parts.push(<Fragment key={end}>{text.slice(end, start)}</Fragment>);
    parts.push(
      <Link key={start} className={styles.mention} to={paths.profile(name.toLowerCase())}>
        @{name}
      </Link>,
    );
    end = match.index + whole.length;
  }
  parts.push(<Fragment key={end}>{text.slice(end)}</Fragment>);
  return <span className={styles.text}>{parts}</span>;
}
