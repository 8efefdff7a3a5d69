// Writes fhir-profiles as an npm-style package of FHIR, target/package.tgz, by the command `fhir-package` of the program that was
// just compiled. The same sources give the same bytes.

import java.util.concurrent.TimeUnit
import org.apache.maven.toolchain.ToolchainManager

def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
String java = toolchain?.findTool('java') ?: new File(System.getProperty('java.home'), 'bin/java').path
Process process = new ProcessBuilder(java, '-cp', project.runtimeClasspathElements.join(File.pathSeparator),
    'org.yifang.App', 'fhir-package', '--output', new File(project.build.directory, 'package.tgz').path).inheritIO().start()
if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
    throw new IllegalStateException('fhir-package ended with ' + process.exitValue())
}
