declare global {
  namespace App {
    interface Error {
      message: string;
      /** The server's HTTP status, when it was the server that refused; 0 when it did not answer. */
      status?: number;
    }
  }
}

export {};
