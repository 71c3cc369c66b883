/** Parts of a page beside each other, as links: each has its own address. */
import { getColor } from "@zendeskgarden/react-theming";
import type { ReactNode } from "react";
import styled from "styled-components";
import { Link, useLocation } from "wouter";

interface SubNavProps {
  /** What the parts are parts of, for screen readers. */
  readonly label: string;
  /** `path` within the page; `/` is the first part. */
  readonly parts: readonly {
    readonly path: string;
    /** Where the link leads, with what goes along; left out = the path. */
    readonly href?: string;
    readonly name: ReactNode;
  }[];
}

/** The links; the present one is marked. */
export function SubNav({ label, parts }: SubNavProps) {
  const [location] = useLocation();
  return (
    <Bar aria-label={label}>
      {parts.map(({ path, href, name }) => (
        <Link key={path} href={href ?? path} aria-current={location === path ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </Bar>
  );
}

const Bar = styled.nav`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.space.md};
  border-bottom: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  a {
    padding: 8px 2px;
    margin-bottom: -1px;
    border-bottom: 3px solid transparent;
    color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
    text-decoration: none;
  }
  a:hover {
    color: ${({ theme }) => getColor({ theme, variable: "foreground.primary" })};
  }
  a:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
  a[aria-current="page"] {
    color: ${({ theme }) => getColor({ theme, variable: "foreground.primary" })};
    border-bottom-color: ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`;
