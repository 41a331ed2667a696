static void on_shutdown(void)
{
	log_info("closing");
	(void)leash_coro(flush_cache, srv->cache);
}
