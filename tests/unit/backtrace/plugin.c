/* Two builds of this, from other sources, take each other's place in memory. */
__attribute__((visibility("default"))) int PLUGIN_NAME(int (*call)(void *), void *argument);

int PLUGIN_NAME(int (*call)(void *), void *argument)
{
    return call(argument) + 1;
}
