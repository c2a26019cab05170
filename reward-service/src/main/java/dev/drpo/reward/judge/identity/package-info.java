/**
 * Decides whether two scalar expressions denote the same value or the same function: exactly over
 * the rationals, modulo large primes at random points, and by ball arithmetic at rising precision.
 */
package dev.drpo.reward.judge.identity;
