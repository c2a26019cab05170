package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Units against the brochure of the SI (BIPM, 9th edition, tables 4, 7 and 8) and, for those
 * outside of it, NIST Special Publication 811, appendix B.
 */
class UnitsTableTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "Hz,1,s^{-1}",
    "N,1,kg m s^{-2}",
    "Pa,1,kg m^{-1} s^{-2}",
    "J,1,kg m^2 s^{-2}",
    "W,1,kg m^2 s^{-3}",
    "C,1,A s",
    "V,1,kg m^2 s^{-3} A^{-1}",
    "F,1,kg^{-1} m^{-2} s^4 A^2",
    "S,1,kg^{-1} m^{-2} s^3 A^2",
    "Wb,1,kg m^2 s^{-2} A^{-1}",
    "T,1,kg s^{-2} A^{-1}",
    "H,1,kg m^2 s^{-2} A^{-2}",
    "lx,1,cd m^{-2}",
    "Bq,1,s^{-1}",
    "Gy,1,m^2 s^{-2}",
    "min,60,s",
    "h,3600,s",
    "day,86400,s",
    "ha,10000,m^2",
    "L,0.001,m^3",
    "tonne,1000,kg",
    "eV,1.602176634e-19,J",
    "kWh,3600000,J",
    "cal,4.184,J",
    "bar,100000,Pa",
    "atm,101325,Pa",
    "in,0.0254,m",
    "ft,0.3048,m",
    "yd,0.9144,m",
    "mi,1609.344,m",
    "lb,0.45359237,kg",
    "acre,4046.8564224,m^2",
    "gal,0.003785411784,m^3",
    "GHz,1000000000,Hz",
    "MPa,1000000,Pa",
    "hPa,100,Pa",
    "kV,1000,V",
    "mA,0.001,A",
    "µF,0.000001,F",
    "nm,0.000000001,m",
    "pF,0.000000000001,F",
  })
  void aUnitIsItsSizeInOthersAndNoOtherSize(String unit, String size, String others) {
    String expanded = size + "\\mathrm{ " + others + "}";
    assertThat(judge.compare("1\\text{ " + unit + "}", expanded, Conventions.DEFAULT))
        .as("%s is %s", unit, expanded)
        .isInstanceOf(Verdict.Equal.class);
    for (String wrong : new String[] {"1001\\text{ " + unit + "}", "0.1\\text{ " + unit + "}"}) {
      assertThat(judge.compare(wrong, expanded, Conventions.DEFAULT))
          .as("%s is not %s", wrong, expanded)
          .isInstanceOf(Verdict.NotEqual.class);
    }
    assertThat(
            judge.compare(
                "1\\text{ " + unit + "}",
                size + "\\mathrm{ " + others + " mol}",
                Conventions.DEFAULT))
        .as("%s is no amount of substance", unit)
        .isInstanceOf(Verdict.NotEqual.class);
  }
}
