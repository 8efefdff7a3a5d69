// Makes what goes into the archive beside the program: a Java runtime of its own, the annotated configuration
// file and the list of licences. The same sources give the same bytes.

import java.util.concurrent.TimeUnit
import java.util.jar.JarFile
import org.apache.maven.project.DefaultProjectBuildingRequest
import org.apache.maven.project.ProjectBuilder
import org.apache.maven.toolchain.ToolchainManager

def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
String jlink = toolchain?.findTool('jlink') ?: new File(System.getProperty('java.home'), 'bin/jlink').path
File target = new File(project.build.directory)

File runtime = new File(target, 'dist-runtime')
runtime.deleteDir()
Process process = new ProcessBuilder(jlink, '--output', runtime.path, '--strip-debug', '--no-header-files',
    '--no-man-pages', '--compress', 'zip-6', '--generate-cds-archive', '--add-modules', [
    'java.base', 'java.compiler', 'java.desktop', 'java.instrument', 'java.logging', 'java.management', 'java.naming',
    'java.net.http', 'java.scripting', 'java.security.jgss', 'java.sql', 'java.xml', 'java.xml.crypto', 'jdk.crypto.ec',
    'jdk.management', 'jdk.management.agent', 'jdk.jcmd', 'jdk.jfr', 'jdk.localedata', 'jdk.net', 'jdk.unsupported', 'jdk.zipfs',
    'jdk.charsets', 'jdk.httpserver'].join(',')).inheritIO().start()
if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
    throw new IllegalStateException('jlink ended with ' + process.exitValue())
}
// The archives of classes hold addresses of the run that made them; the first start of the program makes better ones.
runtime.eachFileRecurse { if (it.name.endsWith('.jsa')) it.delete() }

File dist = new File(target, 'dist')
dist.mkdirs()
StringBuilder conf = new StringBuilder('''# Configuration of Yifang, read by systemd for yifang.service: NAME=value, one a line, no `export`.
# Every variable stands here with its default; take the # away from those that you set.
# The options of its Java runtime; the default is for a county, of which a year of tickets is held in memory.
#YIFANG_JAVA_OPTIONS=-Xms128m -Xmx1g -XX:+UseSerialGC -XX:+UseCompactObjectHeaders

''')
boolean inside = false
new File(project.basedir, 'README.md').eachLine('UTF-8') { line ->
    if (line.contains('configuration: begin')) { inside = true }
    if (line.contains('configuration: end')) { inside = false }
    def row = line =~ /^\| `(YIFANG_\w+)` \| (?:`([^`]*)`)? ?\| (.*) \|$/
    if (inside && row.find()) {
        String value = row.group(1) == 'YIFANG_DATA' ? '/var/lib/yifang' : (row.group(2) ?: '')
        conf << "# ${row.group(3)}\n" << (row.group(1) == 'YIFANG_DATA' ? '' : '#') << "${row.group(1)}=${value}\n\n"
    }
}
new File(dist, 'yifang.conf').setText(conf.toString(), 'UTF-8')

// Every part that is shipped, with the licence that its own description names, its parents' where it names none.
def builder = session.container.lookup(ProjectBuilder)
List<String> lines = []
project.artifacts.findAll { it.scope in ['compile', 'runtime'] }.sort { it.id }.each { artifact ->
    def request = new DefaultProjectBuildingRequest(session.projectBuildingRequest)
    request.resolveDependencies = false
    request.processPlugins = false
    request.validationLevel = 0
    String licences = 'not named'
    try {
        def described = builder.build(artifact, true, request).project
        if (described.licenses) {
            licences = described.licenses.collect { it.name ?: it.url }.join(' or ')
        }
    } catch (Exception failure) {
        log.warn("no description of ${artifact.id}: ${failure.message}")
    }
    lines << "${artifact.groupId}:${artifact.artifactId}:${artifact.version}  ${licences}"
}
new File(dist, 'THIRD-PARTY.txt').setText(
    'What Yifang is shipped with, and the licence that each part names.\n\n' + lines.join('\n') +
    '\nOpenJDK ' + toolchainVersion(runtime) + '  GPL-2.0 with Classpath exception (runtime/legal)\n' +
    'PostgreSQL (in embedded-postgres-binaries)  PostgreSQL Licence\n', 'UTF-8')

static String toolchainVersion(File runtime) {
    return new File(runtime, 'release').readLines().find { it.startsWith('JAVA_VERSION=') }.replaceAll(/[^0-9.]/, '')
}
