// Runs the program with the JDK that the build found, and ends as it ends: what it says last stands last on the terminal.

import java.util.concurrent.TimeUnit
import org.apache.maven.toolchain.ToolchainManager

String setting(String name) {
    return session.userProperties.getProperty(name) ?: project.properties.getProperty(name) ?: ''
}

List<String> words(String text) {
    return text.findAll(/"[^"]*"|'[^']*'|\S+/).collect { it.replaceAll(/^(["'])(.*)\1$/, '$2') }
}

def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
String java = toolchain?.findTool('java') ?: new File(System.getProperty('java.home'), 'bin/java').path

List<String> command = [java] + words(setting('serve.jvm')) + [
    '-XX:+ExitOnOutOfMemoryError',
    '--enable-native-access=ALL-UNNAMED',
    '--sun-misc-unsafe-memory-access=allow',
    '-classpath', project.runtimeClasspathElements.join(File.pathSeparator),
    'org.yifang.App'] + words(setting('yifang.args'))

ProcessBuilder builder = new ProcessBuilder(command).inheritIO()
// glibc otherwise keeps an arena for each thread that ever allocated: 50 MiB.
builder.environment().put('MALLOC_ARENA_MAX', '1')
System.out.flush()
Process process = builder.start()
// Maven that is ended ends the program, and waits for it.
Thread ending = new Thread({
    process.destroy()
    process.waitFor(35, TimeUnit.SECONDS)
})
Runtime.runtime.addShutdownHook(ending)
int code = process.waitFor()
if (code != 0) {
    System.exit(code)
}
