import { Component, type ReactNode } from 'react';

type CrashBoundaryProps = {
  readonly children: ReactNode;
  /** Shown instead of everything, once something could not be drawn. */
  readonly fallback: ReactNode;
};

/** React takes the whole page away when a component throws; a white page would look like one on which nothing rings. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError(): { readonly hasCrashed: boolean } {
    return { hasCrashed: true };
  }

  override render(): ReactNode {
    return this.state.hasCrashed ? this.props.fallback : this.props.children;
  }
}
