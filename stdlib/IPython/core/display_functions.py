from IPython.display import display, clear_output, publish_display_data, update_display, DisplayHandle
