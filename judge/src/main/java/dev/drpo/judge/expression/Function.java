package dev.drpo.judge.expression;

/**
 * The functions of one argument. {@link #LN} is natural; other logarithms have their own record.
 */
public enum Function {
  SIN,
  COS,
  TAN,
  COT,
  SEC,
  CSC,
  ARCSIN,
  ARCCOS,
  ARCTAN,
  ARCCOT,
  ARCSEC,
  ARCCSC,
  SINH,
  COSH,
  TANH,
  LN,
  EXP,
  /** Absolute value, of a complex number its modulus. */
  ABS,
  FLOOR,
  CEILING,
  CONJUGATE,
  REAL,
  IMAGINARY
}
