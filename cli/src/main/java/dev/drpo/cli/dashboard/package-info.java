/** {@code drpo dashboard}: the page of runs whose folders are on this machine. */
package dev.drpo.cli.dashboard;
