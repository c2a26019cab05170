/**
 * The page that shows runs: its files, and the reader that turns run folders into what it draws.
 * Knows no server but the JDK's own; a service serves the same by its framework.
 */
package dev.drpo.dashboard;
