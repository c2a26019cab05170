package dev.drpo.reports;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A report is made of numbers: nothing is sent for it, and no tensor is made. */
@AnalyzeClasses(packages = "dev.drpo.reports", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule noFrameworkNoTransportAndNoTensors =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.smallrye..",
              "io.micrometer..",
              "jakarta..",
              "org.apache.kafka..",
              "ai.djl..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
