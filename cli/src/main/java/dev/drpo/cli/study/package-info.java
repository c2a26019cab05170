/** The study's task: a search that can be cut short by a guess. */
package dev.drpo.cli.study;
