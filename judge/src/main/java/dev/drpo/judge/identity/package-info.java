/**
 * Decides whether two scalar expressions denote the same value or the same function, by the
 * cheapest method that applies.
 *
 * <ol>
 *   <li>Rational constants are computed, as long as they fit the limit on digits.
 *   <li>Rational functions over symbols, π, e and i are evaluated modulo random primes at random
 *       points. Unequal residues prove a difference. Equal ones are believed unless enclosures at a
 *       point contradict. The primes are drawn from the seed, not from a list, so that no answer
 *       can be made a multiple of all of them.
 *   <li>Everything else is enclosed in balls at rising precision, at random real points if there
 *       are symbols. Enclosures that don't meet prove a difference. Enclosures that meet within 128
 *       bits and as many as the literals have are believed to be equal, provided that no addend was
 *       too small to be seen. That is no proof, but no number of a few kilobytes is known that
 *       defeats it.
 * </ol>
 *
 * <p>No double takes part. A function is compared where it is real, and its domain belongs to it:
 * one point where exactly one of two functions has a value makes them different.
 */
package dev.drpo.judge.identity;
