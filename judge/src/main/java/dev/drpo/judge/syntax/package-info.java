/**
 * Reads the text of an answer: lexer, recursive-descent parsers for expressions, units and
 * structures, and the words that answers are given in.
 */
package dev.drpo.judge.syntax;
