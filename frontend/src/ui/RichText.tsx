// Text that people wrote: lines kept, @names and #tags as links. Nothing in it is ever HTML.
import { Fragment } from "react";
import { Link } from "react-router";
import { paths } from "@/lib/paths";
import { type Run, runsOf } from "@/lib/rich";
import styles from "./RichText.module.css";

function Piece({ kind, text }: Run) {
  if (kind === "text") return <Fragment>{text}</Fragment>;
  const name = text.slice(1).toLowerCase();
  return (
    <Link className={styles.mention} to={kind === "name" ? paths.profile(name) : paths.tag(name)}>
      {text}
    </Link>
  );
}

export function RichText({ text }: { text: string }) {
  return (
    <span className={styles.text}>
      {runsOf(text).map((run, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text, in their order
        <Piece key={at} {...run} />
      ))}
    </span>
  );
}
