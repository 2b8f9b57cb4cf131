#ifndef QNB_CREADLINE_H
#define QNB_CREADLINE_H

#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

/* Swift 6 does not read C's mutable globals: one accessor each. */
static inline const char *qnb_rl_buffer(void) { return rl_line_buffer; }
static inline int qnb_rl_point(void) { return rl_point; }
static inline void qnb_rl_set_point(int point) { rl_point = point; }
static inline int qnb_rl_end(void) { return rl_end; }
static inline const char *qnb_rl_display_prompt(void) { return rl_display_prompt; }
static inline int qnb_history_base(void) { return history_base; }
static inline int qnb_history_length(void) { return history_length; }
static inline void qnb_rl_set_done(void) { rl_done = 1; }
static inline void qnb_rl_setup(const char *name, rl_voidfunc_t *redisplay) {
    rl_readline_name = name;
    rl_redisplay_function = redisplay;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
}

#endif
