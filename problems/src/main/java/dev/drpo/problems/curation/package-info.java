/** What of a data set comes along: duplicates, overlap with evaluation sets, lengths, draws. */
package dev.drpo.problems.curation;
