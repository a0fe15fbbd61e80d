// What one reported, and what became of it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Flag } from "lucide-react";
import { myReportsQuery, type Report } from "@/api/queries/safety";
import { entries } from "@/api/queryClient";
import { kindInWords, OUTCOMES, REASONS } from "@/features/safety/reasons";
import { paths } from "@/lib/paths";
import { classes } from "@/ui/classes";
import { EmptyState, ErrorState, Loading, LoadMore, Skeleton } from "@/ui/States";
import { Time } from "@/ui/Time";
import { Group, Groups, Row } from "./parts";
import styles from "./ReportsSection.module.css";

function ReportRow({ report }: { report: Report }) {
  const outcome = OUTCOMES[report.state];
  const kind = kindInWords(report.target_kind);
  return (
    <li className={styles.report}>
      <div className={styles.top}>
        <h2 className={styles.what}>
          {REASONS[report.reason].label}
          <span className={styles.kind}>
            {" "}
            · a {kind}, <Time at={report.created_at} />
          </span>
        </h2>
        <span className={classes(styles.state, styles[report.state])}>{outcome.label}</span>
      </div>
      {report.text && <p className={styles.text}>“{report.text}”</p>}
      <p className={styles.outcome}>
        {outcome.text}
        {report.handled_at && (
          <>
            {" "}
            <Time at={report.handled_at} />
          </>
        )}
      </p>
    </li>
  );
}

function MyReports() {
  const query = useInfiniteQuery(myReportsQuery);
  const reports = entries(query.data);
  if (query.isPending) {
    return (
      <Loading label="Loading your reports">
        <Skeleton className={styles.place} />
        <Skeleton className={styles.place} />
      </Loading>
    );
  }
  if (query.isError && reports.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  if (reports.length === 0) {
    return (
      <EmptyState
        icon={<Flag size={30} strokeWidth={1.6} />}
        title="You have reported nothing"
        text="“Report” stands in the menu of every post, comment, message and profile. What becomes of it is told here."
      />
    );
  }
  return (
    <>
      <ul className={styles.list}>
        {reports.map((report) => (
          <ReportRow key={report.id} report={report} />
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </>
  );
}

export default function ReportsSection() {
  return (
    <Groups>
      <MyReports />
      <Group title="Something else">
        <Row to={paths.contact}>Write to those who run this place</Row>
      </Group>
    </Groups>
  );
}
