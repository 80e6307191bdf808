import threading


class Monitor:
    def begin(self):
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        return None
