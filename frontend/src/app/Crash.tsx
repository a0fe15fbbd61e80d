// The last net: a fault in the client shows a way out instead of an empty page.
import { Component, type ReactNode } from "react";
import { Flame } from "@/ui/Brand";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/States";

export class Crash extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="splash">
        <EmptyState
          isPage
          icon={<Flame size={36} />}
          title="Something went wrong"
          text="The page stumbled. Loading it again usually helps; nothing you posted is lost."
        >
          <Button variant="primary" onClick={() => location.reload()}>
            Load again
          </Button>
        </EmptyState>
      </main>
    );
  }
}
