package dev.drpo.rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point down, and the engine's tensors stay behind its door. */
@AnalyzeClasses(packages = "dev.drpo.rollout", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule theTensorLibraryIsSeenByNoService =
      noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule theFrameworkIsSeenByTheServiceEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.rollout.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.micrometer..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
