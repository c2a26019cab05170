/** Data sets of problems: the file that runs and evaluations read, and what the policy sees. */
package dev.drpo.problems;
